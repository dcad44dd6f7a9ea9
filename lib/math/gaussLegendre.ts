/** Nodes and weights of a quadrature rule on [0, 1]. */
export interface QuadratureRule {
  nodes: Float64Array;
  weights: Float64Array;
}

/** Gauss and Legendre's rule, exact for polynomials of degree 2n - 1; its nodes by Newton's method from Tricomi's guess. */
export function gaussLegendre(n: number): QuadratureRule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let index = 0; index < n; index++) {
    let x = -Math.cos((Math.PI * (index + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 10; round++) {
      const legendre = legendreAt(n, x);
      slope = legendre.slope;
      x -= legendre.value / slope;
    }
    nodes[index] = (1 + x) / 2;
    weights[index] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

function legendreAt(n: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let degree = 2; degree <= n; degree++)
    [before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree];
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}
