// SPDX-License-Identifier: MIT
// An HTTPS server on 127.0.0.1 with a certificate that nobody trusts unless told: `openssl s_server`.
#pragma once

#include <sys/types.h>

#include <string>

#include "support/files/scratch_folder.hpp"

namespace tequio::test {

/// Serves /page, whose content is "page", for the host 127.0.0.1; ends with its owner.
class tls_server {
 public:
  /// Whether this machine has the program.
  [[nodiscard]] static bool is_possible();

  tls_server();
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;
  ~tls_server();

  /// The page's address by a name the certificate is for, or by one it is not.
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + m_port + "/page"; }
  [[nodiscard]] std::string url_of_other_name() const { return "https://localhost:" + m_port + "/page"; }
  [[nodiscard]] std::string certificate() const { return m_folder.path() / "certificate.pem"; }

 private:
  scratch_folder m_folder;
  std::string m_port;
  pid_t m_process = -1;
};

}  // namespace tequio::test
