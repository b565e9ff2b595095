from pyspark.sql.types import (BooleanType, DoubleType, LongType, MapType, StringType, StructField,
                               StructType, TimestampType)

schema = StructType([
    StructField("facility_code", StringType(), True),
    StructField("facility_name", StringType(), True),
    StructField("network_code", StringType(), True),
    StructField("network_region", StringType(), True),
    StructField("lat", DoubleType(), True),
    StructField("lng", DoubleType(), True),
    StructField("unit_code", StringType(), True),
    StructField("fueltech", StringType(), True),
    StructField("fueltech_group", StringType(), True),
    StructField("status", StringType(), True),
    StructField("capacity_registered", DoubleType(), True),
    StructField("capacity_maximum", DoubleType(), True),
    StructField("emissions_factor_co2", DoubleType(), True),
    StructField("data_first_seen", StringType(), True),
    StructField("data_last_seen", StringType(), True),
    StructField("fetched_at", TimestampType(), True),
    StructField("version", LongType(), True),
])
