/** The derivative of log Γ, for x > 0: shifted up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.18). */
export function digamma(x: number): number {
  let shift = 0;
  let shifted = x;
  while (shifted < 10) {
    shift += 1 / shifted;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  const series =
    inverse *
    (1 / 12 -
      inverse *
        (1 / 120 -
          inverse * (1 / 252 - inverse * (1 / 240 - inverse * (1 / 132 - (inverse * 691) / 32760)))));
  return Math.log(shifted) - 0.5 / shifted - series - shift;
}
