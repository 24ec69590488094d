using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>Parses PTX text into a <see cref="PtxModule"/>.</summary>
internal sealed partial class PtxParser(string source)
{
    private static readonly HashSet<string> Linkage = [".visible", ".extern", ".weak", ".common"];

    private readonly List<Token> _tokens = PtxLexer.Tokenize(source);
    private int _position;

    private Token Current => _tokens[_position];

    // The end stays where it is, so that a text that stops too early is a message, not a fault.
    private Token Next() => Current.Kind == TokenKind.End ? throw Error("the text ends too early") : _tokens[_position++];

    private bool Accept(string text)
    {
        if (!Current.Is(text))
        {
            return false;
        }

        _position++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Accept(text))
        {
            throw Error($"expected '{text}' before '{Current.Text}'");
        }
    }

    private PtxException Error(string message) => new(message, Current.Line);

    /// <summary>Parses the whole text.</summary>
    public PtxModule ParseModule()
    {
        PtxModule module = new();
        while (Current.Kind != TokenKind.End)
        {
            bool isExtern = false;
            while (Linkage.Contains(Current.Text))
            {
                isExtern |= Next().Text == ".extern";
            }

            ParseDirective(module, isExtern);
        }

        return module;
    }

    private void ParseDirective(PtxModule module, bool isExtern)
    {
        switch (Current.Text)
        {
            case ".version":
                Next();
                module.Version = Version.TryParse(Next().Text, out Version? version) ? version : throw Error("the version is not a number");
                break;
            case ".target":
                Next();
                module.Target = Next().Text;
                while (Accept(","))
                {
                    Next();
                }

                break;
            case ".address_size":
                Next();
                if (Next().Text != "64")
                {
                    throw Error("only 64-bit addresses are supported");
                }

                break;
            case ".entry" or ".func":
                module.Functions.Add(ParseFunction());
                break;
            case ".file" or ".pragma":
                SkipLine();
                break;
            case ".global" or ".const" or ".shared":
                module.Variables.AddRange(ParseVariables(isExtern));
                break;
            default:
                throw Error($"unknown directive '{Current.Text}'");
        }
    }

    private void SkipLine()
    {
        int line = Current.Line;
        while (Current.Line == line && Current.Kind != TokenKind.End)
        {
            _position++;
        }
    }

    private List<PtxStatement> ParseStatements()
    {
        List<PtxStatement> statements = [];
        while (!Accept("}"))
        {
            if (Current.Kind == TokenKind.End)
            {
                throw Error("missing '}'");
            }

            int line = Current.Line;
            if (Accept(";"))
            {
                continue;
            }

            if (Accept("{"))
            {
                statements.Add(new BlockStatement(ParseStatements(), line));
            }
            else if (Current.Is(".reg"))
            {
                ParseRegisters(statements);
            }
            else if (Current.Text is ".shared" or ".local" or ".param" or ".global" or ".const")
            {
                statements.AddRange(ParseVariables(isExtern: false).Select(v => new VariableStatement(v)));
            }
            else if (Current.Text is ".branchtargets")
            {
                statements.Add(ParseBranchTargets());
            }
            else if (Current.Text is ".loc" or ".pragma" or ".file")
            {
                SkipLine();
            }
            else if (Current.Kind == TokenKind.Word && _tokens[_position + 1].Is(":"))
            {
                statements.Add(new LabelStatement(Next().Text, line));
                Next();
            }
            else
            {
                statements.Add(ParseInstruction());
            }
        }

        return statements;
    }

    private InstructionStatement ParseInstruction()
    {
        int line = Current.Line;
        string? guard = null;
        bool negated = false;
        if (Accept("@"))
        {
            negated = Accept("!");
            guard = Next().Text;
        }

        if (Current.Kind != TokenKind.Word)
        {
            throw Error($"unexpected '{Current.Text}'");
        }

        string[] opcode = Next().Text.Split('.');
        List<PtxOperand> operands = [];
        while (!Accept(";"))
        {
            if (Current.Kind == TokenKind.End || Current.Is("}"))
            {
                throw Error("missing ';'");
            }

            PtxOperand operand = ParseOperand();
            operands.Add(Accept("|") ? new PairOperand(operand, ParseOperand()) : operand);
            if (!Accept(",") && !Current.Is(";"))
            {
                throw Error($"expected ',' or ';' before '{Current.Text}'");
            }
        }

        return new InstructionStatement(guard, negated, opcode, operands, line);
    }
}
