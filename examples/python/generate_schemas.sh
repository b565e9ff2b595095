#!/usr/bin/env bash
# Prints the schemas of this package anew, from the daemon's own definition: generate_schemas.sh [PROGRAM]
set -euo pipefail

program=${1:-openelectricity-stream}
package=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/openelectricity_kafka
"$program" schema --format pyspark >"$package/schema_all.py"
"$program" schema --format pyspark --replaced >"$package/schema_22.py"
"$program" schema --format pyspark --facilities >"$package/schema_facilities.py"
"$program" schema --format avro >"$package/point.avsc"
"$program" schema --format avro --facilities >"$package/facility_unit.avsc"
