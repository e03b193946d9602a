"""The output formats for an ad and its plan: terminal, HTML, Markdown, iCalendar."""
