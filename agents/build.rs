//! Links tests and examples with libtorch.

fn main() {
    gridworld_link::link();
}
