import sys

sys.exit("\x1b]0;owned\x07\x1b[2J\x9b31m\u202e<script>alert(1)</script>\r[red]no[/red]")
