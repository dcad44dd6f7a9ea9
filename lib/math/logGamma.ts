/** log Γ(x) for x > 0: shifted up to 10, then Stirling's series (Abramowitz and Stegun 6.1.41). */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < 10) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / shifted;
  const shift = product === 1 ? 0 : Math.log(product);
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogOfTwoPi + series - shift;
}

const halfLogOfTwoPi = 0.9189385332046727;
