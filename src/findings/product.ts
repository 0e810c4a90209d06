/** What findings in published formats say made them. */
export interface Product {
  readonly name: string;
  readonly version: string;
}
