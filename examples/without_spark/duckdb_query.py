"""DuckDB's SQL over what `tail` prints: mean price and demand per region, of the newest value of every point.

  pip install duckdb
  openelectricity-stream tail --from earliest --to-end --format csv | python3 duckdb_query.py

`tail` reads committed records alone.
"""

import sys

import duckdb

# `tail` prints no key: these fields are what it is made of (docs/records.md, section 2).
POINT = ("network_code, interval_size, metric, network_region, fueltech_group, fueltech, status, renewable, unit_code, facility_code, "
         "\"interval\"")

# A pipe can be read once: what comes is kept first.
duckdb.sql("CREATE TABLE records AS SELECT * FROM read_csv('/dev/stdin', header = true, all_varchar = true)")
means = duckdb.sql(f"""
    WITH newest AS (
      SELECT * FROM records QUALIFY row_number() OVER (PARTITION BY {POINT} ORDER BY version::BIGINT DESC) = 1
    )
    SELECT network_code, network_region, metric, count(*) AS points, avg("value"::DOUBLE) AS mean
    FROM newest WHERE metric IN ('price', 'demand') GROUP BY ALL ORDER BY ALL""")
if len(sys.argv) > 1:
    means.write_csv(sys.argv[1])
else:
    means.show()
