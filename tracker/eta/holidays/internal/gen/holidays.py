"""Writes the table of public holidays that the package embeds.

Usage: python3 holidays.py FOLDER OUTPUT
FOLDER holds the package `holidays` of PyPI: pip install --target FOLDER holidays==0.109

A line is a calendar's code, a year and the days as MMDD. The code is a
country's (ISO 3166-1) or a subdivision's (ISO 3166-2); a subdivision's line
has only the days that the whole country does not keep.
"""

import gzip
import sys

FIRST_YEAR, LAST_YEAR = 2015, 2032

# Countries whose subdivisions are worth their bytes: large, or with days of
# their own that stop deliveries. Italy's are patron saints' days of cities.
SUBDIVIDED = "AT AU BE BR CA CH DE ES FI FR GB IN MY NL NO NZ PL PT US".split()


# Days off by custom that the law leaves optional and on which next to nothing
# is delivered, by the names the package gives them: of Brazil's parcels under
# a tenth of a usual working day's.
CUSTOMARY = {"BR": {"Carnival", "Corpus Christi"}}


def lines(holidays):
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    for country in sorted(holidays.list_supported_countries(include_aliases=False)):
        national = holidays.country_holidays(country, years=years)
        yield from lines_of(country, set(national) | customary(holidays, country, years))
        if country not in SUBDIVIDED:
            continue
        for part in sorted(national.subdivisions):
            if len(part) > 3:
                continue  # a city's or an area's name, not a code
            own = holidays.country_holidays(country, subdiv=part, years=years)
            yield from lines_of(f"{country}-{part}", set(own) - set(national))


def customary(holidays, country, years):
    names = CUSTOMARY.get(country)
    if names is None:
        return set()
    optional = holidays.country_holidays(country, years=years, categories=("optional",), language="en_US")
    days = {day for day, name in optional.items() if name in names}
    if not days:
        raise SystemExit(f"{country} has none of the days {sorted(names)}: were they renamed?")
    return days


def lines_of(code, days):
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        of_year = sorted(day for day in days if day.year == year)
        if of_year:
            yield " ".join([code, str(year), *(day.strftime("%m%d") for day in of_year)])


def main():
    folder, output = sys.argv[1:]
    sys.path.insert(0, folder)
    import holidays

    text = "\n".join(lines(holidays)) + "\n"
    with open(output, "wb") as file:
        # No name and no time in the header: the same table is the same bytes.
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=9, mtime=0) as packed:
            packed.write(text.encode("ascii"))


if __name__ == "__main__":
    main()
