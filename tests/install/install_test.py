#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What an installed tequio gives to the programs of others: install_test.py BUILD COMPILER static|shared|add_subdirectory

BUILD is the project's release build. The static libraries are installed from it; BUILD-shared and BUILD-subdirectory are
made beside it, so that ccache knows what is compiled there."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
BUILD, COMPILER, KIND = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
SCRATCH = BUILD / "tests/install" / KIND
STANDARD = ["-std=c++20"]


def run(*command, cwd=SCRATCH, **variables):
    """What the command prints; its failure is an exception that says all."""
    done = attempt(*command, cwd=cwd, **variables)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def attempt(*command, cwd=SCRATCH, **variables):
    return subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **variables}, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def launcher():
    return re.search(r"^TEQUIO_CCACHE:FILEPATH=(.*)$", (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE)


class Installed(unittest.TestCase):
    """An installed tequio in a folder that was moved since."""

    prefix = SCRATCH / "moved"

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(SCRATCH, ignore_errors=True)
        SCRATCH.mkdir(parents=True)
        build = BUILD
        if KIND == "shared":
            build = BUILD.with_name(BUILD.name + "-shared")
            run("cmake", "--preset", "release", "-B", build, f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DBUILD_SHARED_LIBS=ON",
                "-DTEQUIO_TESTS=OFF", "-DTEQUIO_BENCH=OFF", cwd=PROJECT)
            run("cmake", "--build", build)
        run("cmake", "--install", build, "--prefix", SCRATCH / "first")
        (SCRATCH / "first").rename(cls.prefix)

    def packages(self, *modules):
        """A folder in which pkg-config finds these packages and no others."""
        folder = SCRATCH / f"only-{'-'.join(modules)}"
        folder.mkdir(exist_ok=True)
        for module in modules:
            link = folder / f"{module}.pc"
            if not link.exists():
                link.symlink_to(run("pkg-config", "--variable=pcfiledir", module).strip() + f"/{module}.pc")
        return str(folder)

    def configure(self, name, *options, **variables):
        return attempt("cmake", "-S", HERE, "-B", SCRATCH / name, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={COMPILER}",
                       f"-DCMAKE_PREFIX_PATH={self.prefix}", *options, **variables)

    def build_and_run(self, name, *options, **variables):
        configured = self.configure(name, f"-DSOURCE={name}.cpp", f"-DLIBRARY={name}", *options, **variables)
        self.assertEqual(configured.returncode, 0, configured.stdout)
        run("cmake", "--build", SCRATCH / name)
        run(SCRATCH / name / "program")

    def flags(self, *words, folder=prefix / "lib/pkgconfig"):
        return run("pkg-config", *words, PKG_CONFIG_PATH=str(folder)).split()

    def compile(self, source, *flags, module="tequio-base"):
        """Compiles and links with what pkg-config says of the module; what the compiler says."""
        return attempt(COMPILER, source, *self.flags("--cflags", module), *flags, "-o", SCRATCH / "compiled",
                       *self.flags("--libs", module), f"-Wl,-rpath,{self.prefix}/lib")

    def test_the_tool_runs(self):
        self.assertRegex(run(self.prefix / "bin/tequio", "--version"), r"^tequio \d+\.\d+\.\d+\n$")

    def test_find_package_gives_all_libraries(self):
        self.build_and_run("jobs")

    def test_a_component_asks_for_its_own_packages_only(self):
        core, data = ([], []) if KIND == "shared" else (["hwloc"], ["libcurl", "libisal", "libzip", "re2", "zlib"])
        self.build_and_run("tequio", "-DCOMPONENTS=tequio", PKG_CONFIG_LIBDIR=self.packages("fmt", *core))
        self.build_and_run("expr", "-DCOMPONENTS=expr",
                           PKG_CONFIG_LIBDIR=self.packages(*([] if KIND == "shared" else ["fmt", "re2"])))
        self.build_and_run("data", "-DCOMPONENTS=data",
                           PKG_CONFIG_LIBDIR=self.packages(*([] if KIND == "shared" else ["fmt"]), *data))

    def test_a_missing_package_is_named(self):
        said = self.configure("missing", "-DLIBRARY=tequio", "-DSOURCE=tequio.cpp", PKG_CONFIG_LIBDIR=self.packages())
        self.assertNotEqual(said.returncode, 0)
        self.assertRegex(" ".join(said.stdout.split()), r"tequio::(base|tequio) needs the package fmt>=9, which pkg-config "
                         r"does not find; install it, or name the components that you use")

    @unittest.skipIf(KIND == "shared", "a shared tequio::data asks for no package")
    def test_an_optional_component_without_its_packages_is_left_out(self):
        there = {"PKG_CONFIG_LIBDIR": self.packages("fmt", "hwloc")}
        said = self.configure("optional", "-DCOMPONENTS=tequio", "-DOPTIONAL=data;jobs;tables", "-DLIBRARY=tequio",
                              "-DSOURCE=tequio.cpp", **there)
        self.assertEqual(said.returncode, 0, said.stdout)
        words = " ".join(said.stdout.split())
        self.assertIn("tequio_FOUND=1 tequio_tequio_FOUND=TRUE tequio_data_FOUND=FALSE tequio_jobs_FOUND=FALSE "
                      "tequio_tables_FOUND=FALSE", words)
        for library in ("data", "jobs"):
            self.assertIn(f"Without tequio::{library}: tequio::expr needs the package re2, which pkg-config does not find", words)
        self.assertIn("Without tequio::tables: tequio has no component 'tables'", words)
        run("cmake", "--build", SCRATCH / "optional")
        said = self.configure("there", "-DCOMPONENTS=tequio", "-DOPTIONAL=data", "-DLIBRARY=data", "-DSOURCE=data.cpp")
        self.assertIn("tequio_FOUND=1 tequio_tequio_FOUND=TRUE tequio_data_FOUND=TRUE", said.stdout)
        # what a component that is not optional stands on is not optional either
        said = self.configure("required", "-DCOMPONENTS=jobs", "-DOPTIONAL=data", **there)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("tequio::expr needs the package re2", " ".join(said.stdout.split()))

    def test_an_unknown_component_is_named(self):
        said = self.configure("unknown", "-DCOMPONENTS=tequio;tables")
        self.assertNotEqual(said.returncode, 0)
        self.assertRegex(" ".join(said.stdout.split()),
                         r"tequio has no component 'tables'; the installed ones are base, tequio,[a-z, ]* data, jobs")

    def test_pkg_config_gives_each_library(self):
        for source in ("base", "tequio", "expr", "data", "jobs"):
            module = "tequio" if source == "tequio" else f"tequio-{source}"
            with self.subTest(module):
                said = self.compile(HERE / f"{source}.cpp", module=module)
                self.assertEqual(said.returncode, 0, said.stdout)
                run(SCRATCH / "compiled")
                self.assertIn("-std=c++20", self.flags("--cflags", module))
                self.assertEqual(self.flags("--modversion", module), self.flags("--modversion", "tequio"))

    @unittest.skipIf(KIND == "shared", "the modules are the same")
    def test_pkg_config_names_folders_outside_of_the_prefix_as_they_are(self):
        build = SCRATCH / "elsewhere"
        options = [f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DTEQUIO_TESTS=OFF", "-DTEQUIO_BENCH=OFF"]
        run("cmake", "--preset", "release", "-B", build, *options, "-DCMAKE_INSTALL_LIBDIR=/elsewhere/lib",
            "-DCMAKE_INSTALL_INCLUDEDIR=/elsewhere/include", cwd=PROJECT)
        words = self.flags("--cflags", "--libs", "tequio-base", folder=build)
        self.assertIn("-L/elsewhere/lib", words)
        self.assertIn("-I/elsewhere/include", words)
        # one outside, the other in the prefix, which is then the one of the configuration
        run("cmake", "-B", build, "-DCMAKE_INSTALL_INCLUDEDIR=include", "-DCMAKE_INSTALL_PREFIX=/usr/tequio", cwd=PROJECT)
        (build / "elsewhere/lib/pkgconfig").mkdir(parents=True)
        shutil.copy(build / "tequio-base.pc", build / "elsewhere/lib/pkgconfig")
        words = self.flags("--cflags", "--libs", "tequio-base", folder=build / "elsewhere/lib/pkgconfig")
        self.assertIn("-L/elsewhere/lib", words)
        include = next(word.removeprefix("-I") for word in words if word.startswith("-I"))
        self.assertEqual(os.path.normpath(include), f"{build}/usr/tequio/include")

    def test_a_plugin_that_is_unloaded_leaves_nothing_behind(self):
        source, exports = SCRATCH / "plugin.cpp", SCRATCH / "plugin.map"
        source.write_text('#include "tequio/process.hpp"\n'
                          'extern "C" int seven() { return tequio::process<int>([] { return 7; }).get(); }\n', encoding="utf-8")
        exports.write_text("{ global: seven; local: *; };\n", encoding="utf-8")
        said = self.compile(source, "-shared", "-fPIC", f"-Wl,--version-script={exports}", module="tequio")
        self.assertEqual(said.returncode, 0, said.stdout)
        host = ("import ctypes, _ctypes; plugin = ctypes.CDLL('./compiled'); assert plugin.seven() == 7; "
                "_ctypes.dlclose(plugin._handle); assert 'compiled' not in open('/proc/self/maps').read()")
        said = attempt(sys.executable, "-c", host)
        self.assertEqual((said.returncode, said.stdout), (0, ""))

    @unittest.skipIf(KIND == "shared", "the page installs static libraries")
    def test_the_commands_of_the_page_work(self):
        page = (PROJECT / "docs/install.md").read_text(encoding="utf-8")
        home, program = SCRATCH / "home", SCRATCH / "home/program"
        program.mkdir(parents=True)
        (home / ".local").symlink_to(self.prefix)
        (program / "main.cpp").write_text((HERE / "tequio.cpp").read_text(encoding="utf-8"), encoding="utf-8")
        for title in ("With CMake", "With pkg-config"):
            section = re.search(rf"^## {title}$(.*?)^## ", page, re.DOTALL | re.MULTILINE)[1]
            for lists in re.findall(r"```cmake\n(.*?)```", section, re.DOTALL):
                (program / "CMakeLists.txt").write_text(lists, encoding="utf-8")
            for commands in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
                with self.subTest(title):
                    run("bash", "-ec", commands, cwd=program, HOME=str(home), CXX=COMPILER)

    def test_another_standard_or_library_is_stopped_by_one_sentence(self):
        include = f"-I{self.prefix}/include"
        for header in ("tequio/tequio.hpp", "tequio/error.hpp", "tequio/data/csv.hpp", "tequio/jobs/stats.hpp"):
            for flags, words in ((["-std=c++17"], "tequio needs C++20: compile with -std=c++20"),
                                 (["-std=c++20", "-fno-exceptions"], "compile without -fno-exceptions")):
                with self.subTest(header, flags=flags):
                    source = SCRATCH / "stopped.cpp"
                    source.write_text(f'#include "{header}"\n', encoding="utf-8")
                    said = attempt(COMPILER, "-fsyntax-only", include, *flags, source)
                    errors = re.findall(r"error: (.*)", said.stdout)
                    self.assertIn(words, errors[0])
                    self.assertIn("the_error_above_says_why", errors[1])
                    self.assertEqual(len(errors), 2, said.stdout)

    def test_a_header_without_its_package_is_stopped_by_a_sentence(self):
        # the system's headers, less {fmt}
        there = SCRATCH / "usr-include"
        there.mkdir()
        for path in pathlib.Path("/usr/include").iterdir():
            if path.name != "fmt":
                (there / path.name).symlink_to(path)
        known = attempt(COMPILER, "-E", "-v", "-x", "c++", "/dev/null").stdout
        folders = re.search(r"search starts here:\n((?: .*\n)+)End of search list", known)[1].split()
        system = [f"-isystem{folder.replace('/usr/include', str(there))}" for folder in folders if folder != "/usr/local/include"]
        said = attempt(COMPILER, "-nostdinc", "-nostdinc++", *system, *STANDARD, f"-I{self.prefix}/include", "-fsyntax-only",
                       HERE / "tequio.cpp")
        errors = re.findall(r"error: (.*)", said.stdout)
        self.assertIn("tequio/print.hpp needs {fmt}", errors[0])
        self.assertEqual(len(errors), 2, said.stdout)

    def test_another_layout_of_the_standard_library_is_stopped_by_the_linker(self):
        for wrong, name in (("-D_GLIBCXX_DEBUG", "tequio_was_built_without__GLIBCXX_DEBUG_but_this_program_is_built_with_it"),
                            ("-D_GLIBCXX_USE_CXX11_ABI=0",
                             "tequio_was_built_without__GLIBCXX_USE_CXX11_ABI_0_but_this_program_is_built_with_it")):
            for way in ([], ["-O2", "-flto", "-ffunction-sections", "-Wl,--gc-sections"]):
                with self.subTest(wrong, way=way):
                    # base.cpp uses the library; a program that uses nothing of it is told as well
                    for source in (HERE / "base.cpp", self.program_that_uses_nothing()):
                        said = self.compile(source, wrong, *way)
                        self.assertNotEqual(said.returncode, 0)
                        self.assertIn(f"undefined reference to `{name}'", said.stdout)
                        self.assertEqual(self.compile(source, *way).returncode, 0)

    def program_that_uses_nothing(self):
        source = SCRATCH / "nothing.cpp"
        source.write_text('#include "tequio/error.hpp"\nint main() {}\n', encoding="utf-8")
        return source


class Shared(Installed):
    """What only shared libraries can do wrong."""

    def libraries(self):
        return sorted(path for path in (self.prefix / "lib").glob("lib*.so"))

    def test_exports_only_what_is_tequios(self):
        ours = re.compile(r"tequio_was_built_\w+|_Z(GV|T[CHISTVW]|T[hv]n?\d+_(n?\d+_)?)?Z?N[KVRO]*6tequio.*")
        self.assertGreaterEqual(len(self.libraries()), 5)
        for library in self.libraries():
            with self.subTest(library.name):
                lines = run("nm", "-D", "--defined-only", library).splitlines()
                names = {line.split()[-1] for line in lines}
                self.assertGreater(len(names), 10)
                self.assertEqual([name for name in names if not ours.fullmatch(name)], [])

    def test_carries_its_version_in_its_name(self):
        for library in self.libraries():
            self.assertRegex(run("readelf", "-d", library), rf"soname: \[{library.name}\.0\.1\]")
            self.assertTrue(library.is_symlink())


class AddSubdirectory(unittest.TestCase):
    """A parent project with tequio's sources in a folder."""

    def test_needs_nothing_of_the_tool_and_the_tests(self):
        shutil.rmtree(SCRATCH, ignore_errors=True)
        SCRATCH.mkdir(parents=True)
        build = BUILD.with_name(BUILD.name + "-subdirectory")
        hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{package}=ON" for package in
                  ("CLI11", "nlohmann_json", "GTest", "TBB", "Boost", "Python3")]
        ccache = launcher()
        common = ["-S", HERE, "-B", build, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DCMAKE_BUILD_TYPE=Release",
                  f"-DCMAKE_CXX_COMPILER_LAUNCHER={ccache[1] if ccache else ''}", f"-DSOURCE_OF_TEQUIO={PROJECT}", *hidden]
        run("cmake", *common, "-DLIBRARY=jobs", "-DSOURCE=jobs.cpp")  # all that they link is seen from the parent
        run("cmake", *common, "-DLIBRARY=base", "-DSOURCE=base.cpp")
        run("cmake", "--build", build, "--target", "program")
        run(build / "program")
        run("cmake", "--install", build, "--prefix", SCRATCH / "prefix")
        self.assertFalse((SCRATCH / "prefix").exists(), "a parent's installation holds nothing of tequio unless it asks")
        made = run("cmake", "--build", build, "--target", "help")
        self.assertNotRegex(made, r"tequio_tool|_test|example_")


case = {"static": Installed, "shared": Shared, "add_subdirectory": AddSubdirectory}[KIND]
outcome = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(case))
sys.exit(0 if outcome.wasSuccessful() else 1)
