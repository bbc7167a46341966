//! Links tests and examples with libtorch, where digits are read by it.

fn main() {
    if std::env::var_os("CARGO_FEATURE_DIGITS").is_some() {
        gridworld_link::link();
    }
}
