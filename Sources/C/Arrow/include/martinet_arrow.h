#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The version of the Arrow library that was loaded, for example "26.0.1".
const char *martinet_arrow_version(void);

#ifdef __cplusplus
}
#endif
