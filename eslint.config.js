import tseslint from 'typescript-eslint';

// Biome formats and lints. This adds only what needs types: a lost promise here is a lost acknowledgement.
const typed = (files, project) => ({
  files,
  languageOptions: { parser: tseslint.parser, parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/no-unsafe-argument': 'error',
    '@typescript-eslint/no-unsafe-assignment': 'error',
    '@typescript-eslint/no-unsafe-call': 'error',
    '@typescript-eslint/no-unsafe-member-access': 'error',
    '@typescript-eslint/no-unsafe-return': 'error',
  },
});

export default tseslint.config(
  { ignores: ['**/*.js', '**/*.mjs', 'dist/**', '.build-*/**', 'src/scan/simd/assembly/**'] },
  typed(['web/**/*.ts'], './web/tsconfig.json'),
  typed(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'web/try-it/{worker,mask-document}.ts', 'web/try-it/shims/*.ts'], './tsconfig.json'),
);
