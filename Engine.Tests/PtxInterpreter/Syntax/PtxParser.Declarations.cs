using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>Functions, variables and registers.</summary>
internal sealed partial class PtxParser
{
    private PtxFunction ParseFunction()
    {
        int line = Current.Line;
        bool isEntry = Next().Text == ".entry";
        List<PtxVariable> returns = !isEntry && Current.Is("(") ? ParseParameters() : [];
        PtxFunction function = new() { Name = Next().Text, IsEntry = isEntry, Line = line, Returns = returns };
        if (Current.Is("("))
        {
            function.Parameters = ParseParameters();
        }

        while (Current.Text.StartsWith('.'))
        {
            ParsePerformanceDirective(function);
        }

        if (Accept(";"))
        {
            return function;
        }

        Expect("{");
        function.Body = ParseStatements();
        return function;
    }

    private void ParsePerformanceDirective(PtxFunction function)
    {
        string name = Next().Text;
        int product = 1;
        do
        {
            if (Current.Kind == TokenKind.Number)
            {
                product *= (int)ParseInteger();
            }
        }
        while (Accept(","));
        if (name is ".maxntid" or ".reqntid")
        {
            function.MaxThreads = product;
        }
    }

    private List<PtxVariable> ParseParameters()
    {
        List<PtxVariable> parameters = [];
        Expect("(");
        while (!Accept(")"))
        {
            parameters.AddRange(ParseVariables(isExtern: false, terminated: false));
            Accept(",");
        }

        return parameters;
    }

    // Reads ".shared .align 16 .b8 name[64], other[4] = {...};" after its linkage.
    private List<PtxVariable> ParseVariables(bool isExtern, bool terminated = true)
    {
        int line = Current.Line;
        StateSpace space = SpaceOf(Next().Text);
        (PtxType type, int vector, int alignment) = ParseVariableType();
        List<PtxVariable> variables = [];
        do
        {
            string name = Next().Text;
            int count = ParseCount(vector, isExtern);
            IReadOnlyList<PtxOperand>? initial = Accept("=") ? ParseInitial() : null;
            variables.Add(new PtxVariable(name, space, type, alignment, count < 0 ? -1 : count * type.Bytes(), line, initial));
        }
        while (terminated && Accept(","));
        if (terminated)
        {
            Expect(";");
        }

        return variables;
    }

    private (PtxType Type, int Vector, int Alignment) ParseVariableType()
    {
        int alignment = 0;
        int vector = 1;
        PtxType type = PtxType.None;
        while (Current.Text.StartsWith('.'))
        {
            string word = Next().Text;
            if (word == ".align")
            {
                alignment = (int)ParseInteger();
            }
            else if (word is ".v2" or ".v4")
            {
                vector = word[2] - '0';
            }
            else if (word == ".ptr")
            {
                SkipPointerAttribute();
            }
            else if (!PtxTypes.TryParse(word[1..], out type))
            {
                throw Error($"unknown attribute '{word}'");
            }
        }

        return (type, vector, alignment > 0 ? alignment : type.Bytes() * vector);
    }

    // The elements of a scalar or array; -1 for an unsized extern array.
    private int ParseCount(int vector, bool isExtern)
    {
        int count = vector;
        while (Accept("["))
        {
            if (!Current.Is("]"))
            {
                count *= (int)ParseInteger();
            }
            else if (isExtern)
            {
                count = -1;
            }
            else
            {
                throw Error("an unsized array must be extern");
            }

            Expect("]");
        }

        return count;
    }

    private void SkipPointerAttribute()
    {
        while (Current.Text is ".global" or ".shared" or ".const" or ".local")
        {
            Next();
        }
    }

    private IReadOnlyList<PtxOperand> ParseInitial() =>
        ParseOperand() switch
        {
            VectorOperand vector => vector.Elements,
            PtxOperand single => [single],
        };

    private static StateSpace SpaceOf(string word) => word switch
    {
        ".global" => StateSpace.Global,
        ".shared" => StateSpace.Shared,
        ".local" => StateSpace.Local,
        ".param" => StateSpace.Param,
        ".const" => StateSpace.Const,
        ".reg" => StateSpace.Register,
        _ => throw new PtxException($"unknown state space '{word}'"),
    };

    private void ParseRegisters(List<PtxStatement> statements)
    {
        int line = Next().Line;
        string word = Next().Text;
        if (word is ".v2" or ".v4")
        {
            throw Error("vector registers are not supported");
        }

        if (!PtxTypes.TryParse(word.TrimStart('.'), out PtxType type))
        {
            throw Error($"unknown type '{word}'");
        }

        do
        {
            string name = Next().Text;
            int count = -1;
            if (Accept("<"))
            {
                count = (int)ParseInteger();
                Expect(">");
            }

            statements.Add(new RegisterStatement(name, type, count, line));
        }
        while (Accept(","));
        Expect(";");
    }

    private BranchTargetsStatement ParseBranchTargets()
    {
        int line = Next().Line;
        List<string> labels = [];
        do
        {
            labels.Add(Next().Text);
        }
        while (Accept(","));
        Expect(";");
        return new BranchTargetsStatement(labels, line);
    }
}
