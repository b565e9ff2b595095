// Records with Flink SQL, to the end that the topic has now: of each point the newest number. Of a topic in shape long. No build is
// needed, only the jars:
//   mvn -f flink.pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=$PWD/lib
//   java -Dorg.slf4j.simpleLogger.defaultLogLevel=error --add-opens java.base/java.util=ALL-UNNAMED \
//     --add-opens java.base/java.lang=ALL-UNNAMED -cp 'lib/*' FlinkRead.java localhost:9092 openelectricity.market.5m.v1

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

public class FlinkRead {
  // Flink's JSON reads no time with an offset such as +10:00: `interval` is a text, the derived times end in Z.
  // Its client is Java's, whose default is read_uncommitted, which shows records of aborted transactions.
  private static final String RECORDS = """
      CREATE TABLE records (
        `key` STRING,
        `interval` STRING,
        network_code STRING,
        network_region STRING,
        metric STRING,
        `value` DOUBLE,
        interval_start TIMESTAMP_LTZ(3),
        interval_end TIMESTAMP_LTZ(3),
        version BIGINT
      ) WITH (
        'connector' = 'kafka',
        'properties.bootstrap.servers' = '%s',
        'properties.isolation.level' = 'read_committed',
        'topic' = '%s',
        'scan.startup.mode' = 'earliest-offset',
        'scan.bounded.mode' = 'latest-offset',
        'key.format' = 'raw',
        'key.fields' = 'key',
        'value.format' = 'json',
        'value.fields-include' = 'EXCEPT_KEY',
        'value.json.timestamp-format.standard' = 'ISO-8601'
      )""";

  // The newest first, numbers then: the newest may be the one that takes a number back.
  private static final String NEWEST = """
      SELECT network_region, metric, interval_end, `value` FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY `key`, `interval` ORDER BY version DESC) AS place FROM records)
      WHERE place = 1 AND `value` IS NOT NULL
      ORDER BY interval_end""";

  public static void main(String[] arguments) throws Exception {
    var tables = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    tables.getConfig().set("table.local-time-zone", "UTC");
    tables.executeSql(RECORDS.formatted(arguments[0], arguments[1]));
    try (var rows = tables.executeSql(NEWEST).collect()) {
      rows.forEachRemaining(System.out::println);
    }
  }
}
