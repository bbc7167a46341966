/** Time: where the episode stands, and how fast it goes on. */
class Playback {
  /** `show` draws the episode at a time; `rest` is called when it stops there. */
  constructor(show, rest) {
    this.show = show;
    this.rest = rest;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.t = this.end = 0;
    this.frame = null;
  }

  get playing() {
    return this.frame !== null;
  }

  /** A new episode of so many steps, at its start. */
  load(end) {
    this.pause();
    this.end = end;
    this.seek(0);
  }

  seek(t) {
    this.t = Math.max(0, Math.min(this.end, t));
    this.show(this.t);
  }

  play() {
    if (this.t === this.end) this.seek(0);
    // Who wishes for little motion sees two pictures a second, however many steps lie between them.
    const least = this.calm.matches ? 500 : 0;
    let last = performance.now(), begun = this.t;
    const tick = (now) => {
      const steps = Math.floor(((now - last) / 1000) * this.speed());
      if (steps > 0 && now - last >= least) {
        last = now;
        begun = Math.min(this.end, begun + steps);
        this.seek(begun);
      }
      if (this.t < this.end) this.frame = requestAnimationFrame(tick);
      else this.pause();
    };
    this.frame = requestAnimationFrame(tick);
    this.show(this.t);
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.show(this.t);
    this.rest();
  }

  /** One step, or several; whoever steps has stopped. */
  step(by) {
    if (this.playing) this.pause();
    this.seek(this.t + by);
    this.rest();
  }

  /** Steps a second. By itself an episode takes about twelve seconds, and a step a quarter of one at most. */
  speed() {
    const chosen = part("speed").value;
    return chosen === "auto" ? Math.max(4, this.end / 12) : Number(chosen);
  }
}
