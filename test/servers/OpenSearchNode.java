import java.nio.file.Paths;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch on loopback, for tests. Arguments: its home folder and the port of its HTTP API. */
public class OpenSearchNode extends Node {
  OpenSearchNode(Environment environment) {
    super(environment, List.of(Netty4Plugin.class), false);
  }

  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.builder()
        .put("path.home", arguments[0])
        .put("http.port", arguments[1])
        .put("http.host", "127.0.0.1")
        .put("http.max_content_length", "10mb")
        .put("transport.host", "127.0.0.1")
        .put("transport.port", "0")
        .put("node.name", "test")
        .put("cluster.name", "auditveil-test")
        .put("discovery.type", "single-node")
        .put("http.type", "netty4")
        .put("transport.type", "netty4")
        // The disk of a machine that runs tests may be nearly full.
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
    new OpenSearchNode(new Environment(settings, Paths.get(arguments[0], "config"))).start();
    Thread.currentThread().join();
  }
}
