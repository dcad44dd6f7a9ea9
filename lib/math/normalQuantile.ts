/** Where the standard normal distribution reaches `share`, 0 to 1, to seven digits (Wichura 1988, AS 241, PPND7). */
export function normalQuantile(share: number): number {
  const fromMiddle = share - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) {
    const r = 0.180625 - fromMiddle * fromMiddle;
    return (
      (fromMiddle * polynomial(r, [3.3871327179, 50.434271938, 159.29113202, 59.10937472])) /
      polynomial(r, [1, 17.895169469, 78.757757664, 67.1875636])
    );
  }
  const tail = Math.sqrt(-Math.log(Math.min(share, 1 - share)));
  const distance = tail <= 5 ? nearTail(tail - 1.6) : farTail(tail - 5);
  return fromMiddle < 0 ? -distance : distance;
}

const nearTail = (r: number): number =>
  polynomial(r, [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103]) /
  polynomial(r, [1, 0.7370016425, 0.12021132975]);

const farTail = (r: number): number =>
  polynomial(r, [6.657905115, 3.081226386, 0.42868294337, 0.017337203997]) /
  polynomial(r, [1, 0.24197894225, 0.012258202635]);

const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
