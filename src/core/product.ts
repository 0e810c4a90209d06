/** What findings in published formats, and requests to servers, say made them. */
export interface Product {
  readonly name: string;
  readonly version: string;
}
