import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** A stand-in MongoDB on 127.0.0.1: java -cp 'lib/*' Mongo.java PORT [FILE]. With a file it keeps what it is told. */
class Mongo {
    public static void main(String[] args) {
        var server = new MongoServer(args.length > 1 ? new H2Backend(args[1]) : new MemoryBackend());
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.bind("127.0.0.1", Integer.parseInt(args[0]));
    }
}
