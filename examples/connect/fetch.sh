#!/usr/bin/env bash
# Kafka Connect and the plugins of these examples, through Maven: fetch.sh FOLDER
#   FOLDER/worker    Connect itself, 3.9.1, with the file sink
#   FOLDER/plugins   Debezium's JDBC sink, and the Avro converter of Apicurio
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd)

fetch() { # TO ARTIFACT…
  local to=$1 work
  shift
  work=$(mktemp -d)
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    echo '<groupId>local</groupId><artifactId>connect</artifactId><version>1</version><packaging>pom</packaging><dependencies>'
    printf '%s\n' "$@" |
      sed 's|\(.*\):\(.*\):\(.*\)|<dependency><groupId>\1</groupId><artifactId>\2</artifactId><version>\3</version></dependency>|'
    echo '</dependencies></project>'
  } >"$work/pom.xml"
  mvn -q -B -Dstyle.color=never -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to"
  rm -r "$work"
}

fetch "$folder/worker" org.apache.kafka:connect-runtime:3.9.1 org.apache.kafka:connect-file:3.9.1 org.slf4j:slf4j-simple:1.7.36
fetch "$folder/plugins/jdbc" io.debezium:debezium-connector-jdbc:3.2.0.Final org.postgresql:postgresql:42.7.4
fetch "$folder/plugins/apicurio" io.apicurio:apicurio-registry-utils-converter:2.6.13.Final
# Jackson is the worker's: beside it, Hibernate finds its modules twice, and the task ends.
rm "$folder"/plugins/jdbc/jackson-*.jar
