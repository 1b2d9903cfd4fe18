"""The workbook of a release: the figures that people open in Excel, after the guidance of the Analysis Function."""
