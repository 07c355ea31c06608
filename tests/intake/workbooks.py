"""Workbooks written by hand, part by part: what a library that writes them would not write."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
#: Formats of cells by their place: general, [h]:mm, h:mm, dd.mm.yyyy.
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="[h]:mm"/>
<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>"""
GENERAL, DURATION, CLOCK, DAY = range(4)


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return file.getvalue()


def text(content):
    return f'<c t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def number(content, style=GENERAL):
    return f'<c s="{style}"><v>{content}</v></c>'


def row(*cells, about=""):
    """Return a row of cells as XML; texts and numbers become cells, what begins with < is one."""
    return f"<row {about}>{''.join(map(_cell, cells))}</row>"


def _cell(given):
    if given is None:
        return "<c/>"
    return given if str(given).startswith("<") else text(given) if isinstance(given, str) else number(given)


def xlsx(*rows, sheets=None, after="", book="", prologue=""):
    """Return a workbook: of rows on the sheet Ark1, or of several sheets (name: state, rows)."""
    sheets = sheets or {"Ark1": ("visible", rows)}
    listed = [
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, (state, _)) in enumerate(sheets.items(), 1)
    ]
    related = [
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    ]
    styles = f'<Relationship Id="rStyles" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>{"".join(listed)}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{"".join(related)}{styles}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for n, (_, given) in enumerate(sheets.values(), 1):
        data = "".join(one if str(one).startswith("<row") else row(*one) for one in given)
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'{prologue}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'
        )
    return zipped(parts)


SPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text", "style", "number")
} | {"calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"}
#: Styles: t1 is a hidden sheet; c1 shows [h]:mm, c2 hh:mm.
ODS_STYLES = """<office:automatic-styles>
<style:style style:name="t1" style:family="table"><style:table-properties table:display="false"/></style:style>
<number:time-style style:name="n1" number:truncate-on-overflow="false"/><number:time-style style:name="n2"/>
<style:style style:name="c1" style:data-style-name="n1"/><style:style style:name="c2" style:data-style-name="n2"/>
</office:automatic-styles>"""


def ods_cell(given):
    if given is None:
        return "<table:table-cell/>"
    if str(given).startswith("<"):
        return given
    if isinstance(given, str):
        return f'<table:table-cell office:value-type="string"><text:p>{given}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{given}"/>'


def _ods_row(cells):
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods(*rows, sheets=None, prologue=""):
    """Return a workbook of OpenDocument: of rows on the sheet Ark1, or of several sheets (name: style, rows)."""
    tables = []
    for name, (style, given) in (sheets or {"Ark1": ("t0", rows)}).items():
        data = [one if isinstance(one, str) else _ods_row(one) for one in given]
        tables.append(f'<table:table table:name="{name}" table:style-name="{style}">{"".join(data)}</table:table>')
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in SPACES.items())
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"{prologue}<office:document-content {spaces}>{ODS_STYLES}{body}</office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})
