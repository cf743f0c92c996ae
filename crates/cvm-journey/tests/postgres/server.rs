//! A PostgreSQL server of one's own: in a temporary folder, on a free port, not as root, gone afterwards.

use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use tempfile::TempDir;

/// A server; it ends when it is dropped.
pub struct Server {
    process: Child,
    _folder: TempDir,
    pub port: u16,
}

fn binary(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = std::env::split_paths(&path).map(|folder| folder.join(name)).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    found.extend(versions.map(|version| version.path().join("bin").join(name)));
    let there = found.into_iter().rfind(|path| path.is_file());
    there.unwrap_or_else(|| panic!("`{name}` of PostgreSQL is not installed: apt-get install postgresql"))
}

/// Servers refuse to run as root: then it is the user `postgres`, by its numbers.
fn user(folder: &Path) -> Option<(u32, u32)> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !root {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("users");
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("a user `postgres`");
    let mut numbers = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    let own = (numbers.next().expect("a user"), numbers.next().expect("a group"));
    chown(folder, Some(own.0), Some(own.1)).expect("root may");
    Some(own)
}

impl Server {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let user = user(folder.path());
        let data = folder.path().join("data");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
        let command = |name: &str| {
            let mut command = Command::new(binary(name));
            command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).arg("-D").arg(&data);
            if let Some((user, group)) = user {
                command.uid(user).gid(group);
            }
            command
        };
        let made = command("initdb").args(["-U", "cvm", "--auth=trust", "--encoding=UTF8", "--no-sync"]).status();
        assert!(made.expect("initdb runs").success(), "initdb failed");
        let mut server = command("postgres");
        server.args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-k"]).arg(folder.path());
        settings.iter().for_each(|setting| {
            server.args(["-c", setting]);
        });
        let process = server.spawn().expect("postgres runs");
        let server = Self { process, _folder: folder, port };
        let begun = Instant::now();
        while let Err(error) = server.connect() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no server: {error}");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    pub fn connect(&self) -> Result<Client, postgres::Error> {
        connect(self.port)
    }
}

pub fn connect(port: u16) -> Result<Client, postgres::Error> {
    Client::connect(&format!("host=127.0.0.1 port={port} user=cvm dbname=postgres"), NoTls)
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to end it ends its own processes too; it is this one's child.
        let asked = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
