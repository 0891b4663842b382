// The build hands files.css over as minified text.
declare module '*/files.css' {
  const text: string;
  export default text;
}
