"""How it is shown: terminal, HTML, workbook, Markdown, tidy figures, charts."""
