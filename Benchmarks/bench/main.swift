import Glibc
import Runtime

// A reader of our output, or a peer, that goes away must not end a run.
signal(SIGPIPE, SIG_IGN)
FreedMemory.keep()
let console = Console.standard(environment: processEnvironment())
exit(Bench.program.run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
