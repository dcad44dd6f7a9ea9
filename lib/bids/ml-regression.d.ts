/** The package carries no types; this is the part that is used. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    constructor(x: number[][], y: number[][], options?: { intercept?: boolean; statistics?: boolean });
    /** One row per input, the intercept last; one column per output. */
    readonly weights: number[][];
  }
}
