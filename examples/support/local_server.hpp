// SPDX-License-Identifier: MIT
// Un servidor web de esta máquina, para los ejemplos que descargan: sirve una carpeta con la demora de una red lejana.
// Es un proceso que termina con el programa; el servidor es el de Python.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tequio/process.hpp"

/// Sirve `folder` en http://127.0.0.1:port() mientras vive.
class local_server {
 public:
  explicit local_server(const std::filesystem::path& folder)
      : m_process({.name = "servidor"}, [this, folder] { serve(folder); }) {
    ::close(m_ends[1]);
    std::FILE* answer = ::fdopen(m_ends[0], "r");
    const bool ready = std::fscanf(answer, "%d", &m_port) == 1;
    std::fclose(answer);
    if (!ready) throw std::runtime_error("python3 no pudo abrir un servidor en 127.0.0.1");
  }
  local_server(const local_server&) = delete;
  local_server& operator=(const local_server&) = delete;
  ~local_server() { m_process.kill(); }

  [[nodiscard]] int port() const { return m_port; }

 private:
  static constexpr const char* program = R"(
import functools, http.server, sys, time
class slow(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.05)
        super().do_GET()
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(slow, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
)";

  void serve(const std::filesystem::path& folder) const {
    ::dup2(m_ends[1], STDOUT_FILENO);
    ::execlp("python3", "python3", "-c", program, folder.c_str(), nullptr);
    ::_exit(127);
  }

  struct pipe_ends {
    int ends[2]{};
    pipe_ends() {
      if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no hay más descriptores");
    }
    int operator[](std::size_t i) const { return ends[i]; }
  };
  pipe_ends m_ends{};
  int m_port = 0;
  tequio::process<> m_process;
};
