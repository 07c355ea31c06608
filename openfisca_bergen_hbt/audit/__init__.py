"""Checks that an auditor can trust: test cases that test, what they would notice, and parameter files."""
