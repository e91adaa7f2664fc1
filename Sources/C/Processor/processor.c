#include "martinet_processor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *martinet_processor_level(void) { return MARTINET_PROCESSOR_LEVEL; }

#if defined(__x86_64__)
// Priority 101 is the first one programs may use: nothing compiled for a newer processor has run.
__attribute__((constructor(101))) static void refuse_older_processor(void) {
  __builtin_cpu_init();
  const char *level = MARTINET_PROCESSOR_LEVEL;
  int fits = 1;
  if (strcmp(level, "x86-64-v4") == 0) fits = __builtin_cpu_supports("x86-64-v4");
  if (strcmp(level, "x86-64-v3") == 0) fits = __builtin_cpu_supports("x86-64-v3");
  if (fits) return;
  fprintf(stderr,
          "error: this build of martinet needs a processor of level %s, which this machine is not\n"
          "fix:   build it here: MARTINET_CPU= make set-up build\n",
          level);
  exit(1);
}
#endif
