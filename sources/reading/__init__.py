"""Reading a delivery under its contract: header, row numbers, typed rows, workbooks, zips."""
