import Glibc
import Runtime

// A reader of our output that goes away must not end a run: writes say so, and the rest is dropped.
signal(SIGPIPE, SIG_IGN)
FreedMemory.keep()
let console = Console.standard(environment: processEnvironment())
exit(martinet.run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
