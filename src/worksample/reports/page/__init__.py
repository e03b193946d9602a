"""The HTML report: views of a report, templates, style and script."""
