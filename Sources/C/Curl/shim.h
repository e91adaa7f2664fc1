// libcurl is opened at the first request, so its functions come as pointers; the header gives types
// and constants only. What takes a variable number of arguments Swift cannot call itself.
#include <curl/curl.h>

typedef CURLcode (*martinet_curl_setopt)(CURL *, CURLoption, ...);

static inline CURLcode martinet_curl_set_number(
    void *setopt, CURL *handle, CURLoption option, long value) {
  return ((martinet_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode martinet_curl_set_size(
    void *setopt, CURL *handle, CURLoption option, curl_off_t value) {
  return ((martinet_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode martinet_curl_set_text(
    void *setopt, CURL *handle, CURLoption option, const char *value) {
  return ((martinet_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode martinet_curl_set_pointer(
    void *setopt, CURL *handle, CURLoption option, void *value) {
  return ((martinet_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode martinet_curl_set_callback(
    void *setopt, CURL *handle, CURLoption option, curl_write_callback value) {
  return ((martinet_curl_setopt)setopt)(handle, option, value);
}
