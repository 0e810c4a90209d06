import type { Finding, FindingFormat } from '../core/finding.ts';
import type { Product } from '../core/product.ts';
import { ecsFinding } from './ecs.ts';
import { falcoFinding } from './falco-json.ts';
import { formatFinding } from './format.ts';
import { ocsfFinding } from './ocsf.ts';
import { plainJson } from './plain-json.ts';

/** Writes findings as one line of JSON each, without a line end. Pure: the same finding gives the same line. */
export function createFormatter(format: FindingFormat, product: Product): (finding: Finding) => string {
  switch (format) {
    case 'native':
      return formatFinding;
    case 'ocsf':
      return (finding) => plainJson(ocsfFinding(finding, product));
    case 'falco':
      return (finding) => plainJson(falcoFinding(finding));
    case 'ecs':
      return (finding) => plainJson(ecsFinding(finding, product));
  }
}
