"""DuckDB's SQL over what `tail` prints: mean price and demand per region, of the newest value of every point.

  pip install duckdb
  openelectricity-stream tail --from earliest --to-end --format csv | python3 duckdb_query.py [OUT.csv]

`tail` reads committed records alone. Long and wide records will do; those of a whole network have no region.
"""

import sys

import duckdb

# `tail` prints no key: these fields are what it is made of (docs/records.md, section 2). A wide record names no metric: those of
# two streams are told apart by the stream.
POINT = ("network_code, interval_size, metric, CASE WHEN metric IS NULL THEN stream END, network_region, fueltech_group, fueltech, status, "
         "renewable, unit_code, facility_code, extra, \"interval\"")

# A pipe can be read once: what comes is kept first.
duckdb.sql("CREATE TABLE records AS SELECT * FROM read_csv('/dev/stdin', header = true, all_varchar = true)")
if "interval" not in duckdb.table("records").columns:
    sys.exit("these are no records of data: give tail a stream, or its topic")
# In long and in wide records a number stands in the column of its metric.
duckdb.sql(f"""
    CREATE TABLE numbers AS
    SELECT network_code, interval_size, network_region, price::DOUBLE AS price, demand::DOUBLE AS demand
    FROM records QUALIFY row_number() OVER (PARTITION BY {POINT} ORDER BY version::BIGINT DESC) = 1""")
means = duckdb.sql("""
    SELECT network_code, interval_size, network_region, metric, count(*) AS points, avg("value") AS mean
    FROM (UNPIVOT numbers ON price, demand INTO NAME metric VALUE "value") GROUP BY ALL ORDER BY ALL""")
if not means.limit(1).fetchall():
    there = duckdb.sql("SELECT DISTINCT coalesce(metric, 'wide records') || ' by ' || grouping AS kind FROM records ORDER BY kind").fetchall()
    sys.exit(f"no price or demand; there is {', '.join(kind for kind, in there) or 'no record'}")
if len(sys.argv) > 1:
    means.write_csv(sys.argv[1])
else:
    means.show()
