"""Every warning a profile can carry, and what it means."""

from __future__ import annotations

from typing import Final

from ai_data_engineer.profiling.profile import ProfileWarning

WARNINGS: Final[dict[str, str]] = {
    "W_AMBIGUOUS_DATE": "Day and month could change places in every date of the column.",
    "W_AMBIGUOUS_NUMBER": "A mark in the column's numbers may mean a fraction or thousands.",
    "W_CELL_ERRORS": "Cells of the workbook hold errors such as #N/A, which are read as no value.",
    "W_COMMENTS": "Lines that begin with a comment mark are passed over.",
    "W_COLUMNS_OF_JSON": "The JSON holds a list for each column; they were put together into rows.",
    "W_CONSTANT_COLUMN": "Every record has the same value.",
    "W_DUPLICATE_NAMES": "Objects have a member of one name twice; the last one counts.",
    "W_DUPLICATE_ROWS": "Records repeat earlier ones whole.",
    "W_EMPTY_COLUMN": "No record has a value.",
    "W_ENCODING_DAMAGED": "Some bytes are not valid in the encoding.",
    "W_ENCODING_UNSURE": "The encoding is a guess; check letters with accents.",
    "W_FOOTER": "Lines at the end (totals, notes) are left out.",
    "W_HEADER_AGAIN": "The names of the columns come again among the rows.",
    "W_HEADER_REPEATED": "Several columns have the same name.",
    "W_HEADER_ROWS": "Several rows name the columns; they are joined to one name each.",
    "W_JSON_CELLS": "The texts are JSON; they are kept as they are, not taken apart.",
    "W_LEADING_ZEROS": "Digits with leading zeros: kept as text, for a number would lose them.",
    "W_LOST_PRECISION": "Numbers have more digits than a 64-bit float keeps.",
    "W_MIXED_CONTENT": "Elements hold text between their child elements; it is put together.",
    "W_MIXED_RECORDS": "The records are of several kinds.",
    "W_MIXED_TYPES": "Some values do not have the type of the others.",
    "W_MIXED_UNITS": "Numbers of one column have different units or currencies: kept as text.",
    "W_NO_HEADER": "No line of names was found; columns are named by their position.",
    "W_NO_KEY": "No column, nor any two or three together, is known to identify a record.",
    "W_NO_ROWS": "There is a header and no record: the types of the columns are not known.",
    "W_NULL_TOKEN": "A word that repeats among values of a type is read as a missing value.",
    "W_OTHER_FILES": "The archive has files of other kinds; the largest table was taken.",
    "W_PERSONAL_DATA": "The column seems to hold personal data.",
    "W_PREAMBLE": "Lines before the table are left out.",
    "W_RECORD_PATHS": "Records lie at more than one place; the most likely was taken.",
    "W_REJECTED_ROWS": "Records that cannot be used are set aside.",
    "W_SENTINEL": "Values far from all others look as if they stood for a missing value.",
    "W_SEVERAL_FILES": "Only the first file was profiled; the others look alike.",
    "W_SHEETS": "The workbook has other sheets; the one with the largest table was taken.",
    "W_SEVERAL_TABLES": "The file holds more than one table; only one is read.",
    "W_SHORT_ROWS": "Records lack cells at their end, which count as missing.",
    "W_SIZE_UNKNOWN": "The server does not say how large the file is.",
    "W_SPREADSHEET_XML": "A spreadsheet in XML: its records are rows of cells by position.",
    "W_TABLES_BESIDE": "An empty column seems to part two tables; all columns are kept.",
    "W_TOO_MANY_COLUMNS": "More columns than are profiled; the rest is left out.",
    "W_TWO_DIGIT_YEAR": "Years have two digits: 69 to 99 are read as 19xx, 00 to 68 as 20xx.",
    "W_UNNAMED_COLUMNS": "Some columns have no name.",
    "W_UNREAD_FIELDS": "Fields that the records of the sample lack are not read.",
    "W_WHITESPACE": "Values have blanks around them, which are trimmed.",
}


def warning(code: str, detail: str = "") -> ProfileWarning:
    """Return a warning about the file as a whole: what the code means, and what was found here."""
    return ProfileWarning(code=code, message=f"{WARNINGS[code]} {detail}".rstrip())
