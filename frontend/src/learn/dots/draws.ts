/** Numbers that look drawn at random, the same for a seed in every browser. */

/** The modulus is the prime 2^31 - 1, so a product fits into a number without rounding. */
const MODULUS = 2147483647;
const MULTIPLIER = 48271;

/**
 * A generator of draws.
 *
 * Rule: state = 48271 * state mod (2^31 - 1), and a draw is state / (2^31 - 1), between 0 and 1, both left out. The
 * first state is (69069 * seed + 12345) mod (2^31 - 2) + 1, and eight draws are dropped. Source: Park, Miller and
 * Stockmeyer (1993), "Another test of the minimal standard".
 */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = ((69069 * seed + 12345) % (MODULUS - 1)) + 1;
    for (let i = 0; i < 8; i++) this.uniform();
  }

  uniform(): number {
    this.state = (this.state * MULTIPLIER) % MODULUS;
    return this.state / MODULUS;
  }

  /** Return a whole number from 0 on, below a limit. */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Return a draw that is normal but for its far tails: twelve uniform draws less 6, without a logarithm's last digit. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}
