"""The SQL that turns the rows of a table of population estimates into a row an area and sex, a column an age."""

from sources.contract.table_of_estimates import TableOfEstimates
from sources.folder.sql_text import literal
from sources.reading.estimate_blocks import Block

_OLDEST = 90
AGES = [*map(str, range(_OLDEST)), f"{_OLDEST}+"]
"""The columns of ages; the last is that age and over."""

# Before the ages of a table with its ages in rows.
_ALL = -1
_UNKNOWN = -2


def rows_of(table: TableOfEstimates, block: Block) -> str:
    """Return the query of a block: year, area code, area name, sex, all ages, each of `AGES`, row as sent.

    A value that is no number is missing, and so is one that the table gives twice and differently.
    """
    return _ages_in_columns(table, block) if block.columns.age is None else _ages_in_rows(table, block)


def _ages_in_rows(table: TableOfEstimates, block: Block) -> str:
    columns, area, sent_as = block.columns, _area(block), _sent_as(block)
    year, sex, age = _year(block), _sex(table, block), _age(f"c{columns.age}")
    estimates: list[tuple[int | str, int | None]] = [*columns.years.items()] or [(year, columns.estimate)]
    lines = " UNION ALL ".join(
        f"SELECT {one} AS year, {area}, {sex} AS sex, {sent_as} AS sent_as, {age} AS age, "
        f"{_number(place)} AS estimate FROM {_source(block)}"
        for one, place in estimates
    )
    ages = ", ".join(_agreed(f"age = {age}") for age in range(len(AGES)))
    # A sum is the total only where every age is there, once.
    complete = " AND ".join(
        f"{one} FILTER (age >= 0) = {len(AGES)}" for one in ("count(estimate)", "count(DISTINCT age)")
    )
    total = f"coalesce({_agreed(f'age = {_ALL}')}, CASE WHEN {complete} THEN sum(estimate) FILTER (age >= 0) END)"
    return (
        f"SELECT year, code, min(name), sex, {total}, {ages}, min(sent_as) FROM ({lines}) WHERE age > {_UNKNOWN} "
        "GROUP BY year, code, sex"
    )


def _ages_in_columns(table: TableOfEstimates, block: Block) -> str:
    """Return a query for each sex that a header tells, and for totals of both sexes beside them or alone."""
    columns, year = block.columns, _year(block)
    parts: list[tuple[object, str, str, list[str]]] = []
    for told, places in columns.ages.items():
        ages = [_number(places.get(age)) for age in range(len(AGES))]
        total = _number(columns.all_ages) if columns.all_ages is not None and told is None else f"({' + '.join(ages)})"
        parts.append((year, literal(told) if told else _sex(table, block), total, ages))
    if None not in columns.ages:
        sex = literal(_both(table)) if columns.ages else _sex(table, block)
        totals: list[tuple[int | str, int | None]] = [(year, columns.all_ages)] if columns.all_ages is not None else []
        for one, place in [*totals, *columns.years.items()]:
            parts.append((one, sex, _number(place), [_number(None)] * len(AGES)))
    return " UNION ALL ".join(
        f"SELECT {one}, {_area(block)}, {sex}, {total}, {', '.join(ages)}, {_sent_as(block)} FROM {_source(block)}"
        for one, sex, total, ages in parts
    )


def _area(block: Block) -> str:
    name = f"trim(c{block.columns.area_name})" if block.columns.area_name is not None else "''"
    return f"upper(trim(c{block.columns.area_code})) AS code, {name} AS name"


def _sent_as(block: Block) -> str:
    return f"{literal(f'{block.sheet}, row ' if block.sheet else 'row ')} || number"


def _year(block: Block) -> str:
    if block.columns.year is None:
        return f"{literal(block.year)}::INTEGER"
    return f"try_cast(regexp_extract(c{block.columns.year}, '(19|20)[0-9]{{2}}') AS INTEGER)"


def _sex(table: TableOfEstimates, block: Block) -> str:
    if block.columns.sex is None:
        return literal(block.sex or _both(table))
    words = " ".join(f"WHEN {literal(word)} THEN {literal(sex)}" for word, sex in table.sexes.items())
    return f"CASE lower(trim(c{block.columns.sex})) {words} ELSE c{block.columns.sex} END"


def _both(table: TableOfEstimates) -> str:
    """Return how the document writes both sexes: the first that it lists."""
    return next(iter(table.sexes.values()))


def _source(block: Block) -> str:
    names = ["number", *(f"c{place}" for place in range(block.columns.width))]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(block.file))}, header = false, auto_detect = false, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {{{columns}}})"
    )


def _age(column: str) -> str:
    """Return the age of a line, 90 for all from 90 on; -1 is all ages, -2 what is no single age."""
    word = f"lower(trim({column}))"
    number = f"regexp_extract({word}, '^(aged?s? *)?([0-9]{{1,3}})( years?)?(\\+| and over| or over)?$', 2)"
    age = f"try_cast({number} AS INTEGER)"
    return (
        f"CASE WHEN regexp_matches({word}, '^(all|total)') THEN {_ALL} WHEN {age} >= {_OLDEST} THEN {_OLDEST} "
        f"WHEN regexp_matches({word}, '(\\+|and over|or over)$') THEN {_UNKNOWN} ELSE coalesce({age}, {_UNKNOWN}) END"
    )


def _number(place: int | None) -> str:
    return "NULL::DOUBLE" if place is None else f"try_cast(replace(trim(c{place}), ',', '') AS DOUBLE)"


def _agreed(condition: str) -> str:
    """Return the one estimate of the lines for which a condition holds; none where they differ."""
    least, most = (f"{one}(estimate) FILTER ({condition})" for one in ("min", "max"))
    return f"CASE WHEN {least} = {most} THEN {most} END"
