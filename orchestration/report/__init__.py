"""The report of a release: static pages that read the release's own tables and compute nothing.

`build.write_report` makes them: `tables` reads, `charts` and `maps` say what to draw, `drawings` draws it, `sentences`
says what is seen in a chart, `words` says figures and flags as people do.
"""
