"""What the HTML report is made of: views of a report, templates, style and script."""
