"""One file a part of the report: a Desk in, what its template shows out."""
