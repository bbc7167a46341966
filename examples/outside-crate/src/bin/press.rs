//! The whole command line of gridworld, with one environment more.

fn main() -> std::process::ExitCode {
    gridworld::cli(&gridworld_envs::Registry::standard().with::<press::Press>())
}
