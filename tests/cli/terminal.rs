//! `watch` and `play` on a terminal: they wait without work, and end with it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::program;

/// Longest time that anything may take on a machine that is busy with other things.
const DEADLINE: Duration = Duration::from_secs(60);

/// A command on a terminal of its own.
struct Session {
    child: Child,
    /// The side of who looks and types, until it is taken away.
    terminal: Option<PtyMaster>,
    /// Text that was shown so far.
    shown: String,
}

impl Session {
    fn start(arguments: &[&str]) -> Session {
        // Not `openpty`, whose ends every program inherits that a test starts at this moment: then it is never gone.
        let terminal = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).expect("a terminal");
        grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("it is ours");
        let name = ptsname_r(&terminal).expect("a name");
        let mut options = File::options();
        options.read(true).write(true).custom_flags(OFlag::O_NOCTTY.bits());
        let end = || options.open(&name).expect("the other side");
        let sized = Command::new("stty").args(["rows", "30", "cols", "100"]).stdin(end()).status().expect("stty");
        assert!(sized.success());
        let mut command = program();
        let child = command.args(arguments).env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end()).spawn();
        Session { child: child.expect("it starts"), terminal: Some(terminal), shown: String::new() }
    }

    fn press(&mut self, keys: &str) {
        self.terminal.as_mut().expect("it is there").write_all(keys.as_bytes()).expect("it takes keys");
    }

    /// Reads the text that is shown within `time`.
    fn look(&mut self, time: Duration) {
        let end = Instant::now() + time;
        let terminal = self.terminal.as_mut().expect("it is there");
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let mut ready = [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)];
            let timeout = PollTimeout::try_from(left).expect("a short time");
            if poll(&mut ready, timeout).expect("it is there") > 0 {
                let mut bytes = [0; 4096];
                // At the end of the program nothing more can be read, and that is no number of bytes.
                let Ok(count) = terminal.read(&mut bytes) else { return };
                self.shown += &String::from_utf8_lossy(&bytes[..count]);
            }
        }
    }

    fn wait_for(&mut self, words: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.shown.contains(words) {
            assert!(Instant::now() < deadline, "no {words:?} in {}", self.shown);
            self.look(Duration::from_millis(20));
        }
    }

    /// Counts the waits of the program's threads so far: a thread waits again only after it has done something.
    fn waits(&self) -> u64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("it is there");
        let waits = threads.map(|thread| {
            let status = fs::read_to_string(thread.expect("a thread").path().join("status")).expect("it is there");
            let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            count.expect("a count").trim().parse::<u64>().expect("a number")
        });
        waits.sum()
    }

    /// Waits until nothing at all is done for a while.
    fn wait_for_rest(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let (before, shown) = (self.waits(), self.shown.len());
            self.look(Duration::from_millis(1_500));
            if (self.waits(), self.shown.len()) == (before, shown) {
                return;
            }
            assert!(Instant::now() < deadline, "it does not rest");
        }
    }

    fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                return status;
            }
            if Instant::now() > deadline {
                self.child.kill().expect("it is ours");
                panic!("it does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The commands, what the screen shows when they wait for a key, and the keys before that.
const WAITING: [(&[&str], &str, &str); 2] =
    [(&["watch", "oracle", "--T", "12"], "e", "arrival"), (&["play", "--seed", "1"], " ", "episode 1")];

#[test]
fn what_waits_for_a_key_does_nothing_and_ends_with_its_terminal() {
    for (arguments, keys, shown) in WAITING {
        let mut session = Session::start(arguments);
        session.wait_for("TimedArrival-v1");
        session.press(keys);
        session.wait_for(shown);
        session.wait_for_rest();
        // No signal tells of it, for it is not the terminal of the process.
        session.terminal = None;
        assert_eq!(session.ended().code(), Some(130), "{arguments:?}");
    }
}

#[test]
fn signals_and_keys_end_what_is_on_the_terminal_and_give_it_back() {
    for (arguments, ..) in WAITING {
        for signal in [Some(Signal::SIGHUP), Some(Signal::SIGTERM), Some(Signal::SIGINT), None] {
            let mut session = Session::start(arguments);
            session.wait_for("TimedArrival-v1");
            match signal {
                Some(signal) => kill(Pid::from_raw(session.child.id() as i32), signal).expect("it is ours"),
                None => session.press("\u{3}"),
            }
            // The screen from before, and the cursor.
            session.wait_for("\u{1b}[?1049l");
            session.wait_for("\u{1b}[?25h");
            session.wait_for("closed");
            assert_eq!(session.ended().code(), Some(130), "{arguments:?}, {signal:?}");
        }
    }
}
