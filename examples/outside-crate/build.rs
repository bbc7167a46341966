fn main() {
    gridworld_link::link();
}
