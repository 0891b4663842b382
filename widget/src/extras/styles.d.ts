// The build hands extras.css over as minified text.
declare module '*/extras.css' {
  const text: string;
  export default text;
}
