#pragma once

/// The processor level this program was built for, for example "x86-64-v4".
const char *martinet_processor_level(void);
