// Records with Kafka's Java client, to the end that the topic has now. No build is needed, only the client's jar and slf4j's;
// they lie in libs/ of every Kafka, or come by Maven:
//   mvn dependency:copy -Dartifact=org.apache.kafka:kafka-clients:3.9.1 -DoutputDirectory=lib
//   mvn dependency:copy -Dartifact=org.slf4j:slf4j-api:1.7.36 -DoutputDirectory=lib
//   java -cp 'lib/*' ReadCommitted.java localhost:9092 openelectricity.market.5m.v1

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

public class ReadCommitted {
  public static void main(String[] arguments) {
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", arguments[0],
        // Java's default is true: of a typing error a broker may make a topic, with settings of its own.
        "allow.auto.create.topics", "false",
        "enable.auto.commit", "false",
        // Java's default is read_uncommitted, which shows records of aborted transactions.
        "isolation.level", "read_committed");
    try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(arguments[1]).stream()
          .map(one -> new TopicPartition(one.topic(), one.partition())).collect(Collectors.toList());
      if (partitions.isEmpty()) {
        System.err.println("there is no topic " + arguments[1] + ", or it may not be seen");
        System.exit(1);
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) System.out.println(record.value());
      }
    }
  }
}
